package dev.weir.otlp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A message to be written: its own fields, then items, then messages inside it. A request has Resource* children, these
 * have Scope* children, these have items.
 */
final class MessageGroup {

    /** A tag of one byte and the length of less than 2 GiB. */
    private static final int LONGEST_PREFIX = 1 + Wire.MAX_PREFIX_BYTES;

    /** All fields but the items or children, in their order. */
    final Ranges header = new Ranges();

    final Ranges items = new Ranges();
    final List<MessageGroup> children = new ArrayList<>(1);

    private final byte childTag;
    private long bodyLength;

    /** @param childTag the one-byte tag before each child */
    MessageGroup(int childTag) {
        this.childTag = (byte) childTag;
    }

    static MessageGroup request() {
        return new MessageGroup(RequestFields.RESOURCES_TAG);
    }

    static MessageGroup resource() {
        return new MessageGroup(RequestFields.SCOPES_TAG);
    }

    static MessageGroup scope() {
        return new MessageGroup(0);
    }

    /** The message's bytes, in one array of the exact size. */
    byte[] toBytes() {
        byte[] out = new byte[Math.toIntExact(measure())];
        writeTo(out, 0);
        return out;
    }

    /** Bytes of the message, without tag and length. To be called before it is written, and not changed after. */
    long measure() {
        long length = header.length() + items.length();
        for (int i = 0; i < children.size(); i++) {
            length += Wire.fieldLength(children.get(i).measure());
        }
        bodyLength = length;
        return length;
    }

    /** Returns the position after it. */
    int writeTo(byte[] out, int at) {
        at = header.writeTo(out, at);
        at = items.writeTo(out, at);
        for (int i = 0; i < children.size(); i++) {
            MessageGroup child = children.get(i);
            at = Wire.putPrefix(out, at, childTag, child.bodyLength);
            at = child.writeTo(out, at);
        }
        return at;
    }

    void writeTo(OutputStream out) throws IOException {
        writeTo(out, new byte[LONGEST_PREFIX]);
    }

    private void writeTo(OutputStream out, byte[] prefix) throws IOException {
        header.writeTo(out);
        items.writeTo(out);
        for (int i = 0; i < children.size(); i++) {
            MessageGroup child = children.get(i);
            out.write(prefix, 0, Wire.putPrefix(prefix, 0, childTag, child.bodyLength));
            child.writeTo(out, prefix);
        }
    }
}
