package dev.weir.sample.policy;

import dev.weir.otlp.FieldCursor;

/** Reads what links a span that is seen again at the decision to others. For one thread. */
final class SpanIds {

    private final FieldCursor field = new FieldCursor();
    long id;
    long parent;
    int kind;
    int nameFrom;
    int nameTo;

    void read(byte[] span, int from, int to) {
        id = parent = 0;
        kind = 0;
        nameFrom = nameTo = from;
        field.reset(span, from, to);
        while (field.next()) {
            switch (field.tag()) {
                case 0x12 /* span_id */ -> id = field.spanId();
                case 0x22 /* parent_span_id */ -> parent = field.spanId();
                case 0x2a /* name */ -> {
                    nameFrom = field.valueStart();
                    nameTo = field.valueEnd();
                }
                case 0x30 /* kind */ -> kind = (int) field.varint();
                default -> {}
            }
        }
    }
}
