package dev.weir.otlp;

import java.util.ArrayList;
import java.util.List;

/**
 * A message to be written: its own fields, then items, then messages inside it. A request has Resource* children, these
 * have Scope* children, these have items.
 */
final class MessageGroup {

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
        write(out, 0);
        return out;
    }

    /** Bytes of the message, without tag and length. */
    long measure() {
        long length = header.length() + items.length();
        for (int i = 0; i < children.size(); i++) {
            length += Wire.fieldLength(children.get(i).measure());
        }
        bodyLength = length;
        return length;
    }

    private int write(byte[] out, int at) {
        at = header.writeTo(out, at);
        at = items.writeTo(out, at);
        for (int i = 0; i < children.size(); i++) {
            MessageGroup child = children.get(i);
            at = Wire.putPrefix(out, at, childTag, child.bodyLength);
            at = child.write(out, at);
        }
        return at;
    }
}
