package dev.weir.export;

/** {@link OutageContractTest} over gRPC. */
class GrpcOutageContractTest extends OutageContractTest {

    @Override
    FakeReceiver newReceiver() {
        return new FakeGrpcReceiver();
    }
}
