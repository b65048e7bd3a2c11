package dev.weir.export;

/** {@link OutageContractTest} over HTTP. */
class HttpOutageContractTest extends OutageContractTest {

    @Override
    FakeReceiver newReceiver() {
        return new FakeHttpReceiver(VERTX);
    }
}
