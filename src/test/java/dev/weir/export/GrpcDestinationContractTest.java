package dev.weir.export;

/** {@link DestinationContractTest} over gRPC. */
class GrpcDestinationContractTest extends DestinationContractTest {

    @Override
    FakeReceiver newReceiver() {
        return new FakeGrpcReceiver();
    }
}
