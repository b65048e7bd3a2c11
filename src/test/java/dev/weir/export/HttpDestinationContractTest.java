package dev.weir.export;

/** {@link DestinationContractTest} over HTTP. */
class HttpDestinationContractTest extends DestinationContractTest {

    @Override
    FakeReceiver newReceiver() {
        return new FakeHttpReceiver(VERTX);
    }
}
