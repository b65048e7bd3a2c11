package dev.weir.bench;

/** One request on its way; its array belongs to the traffic that made it, and goes back there. */
final class Request {

    /** Five bytes for gRPC's prefix, then the message. */
    byte[] bytes = new byte[0];

    /** With the prefix. */
    int length;

    int items;

    /** Which request of the block it is. */
    long number;

    /** When it should have been sent, {@link System#nanoTime()}. */
    long due;

    static final int PREFIX = 5;
}
