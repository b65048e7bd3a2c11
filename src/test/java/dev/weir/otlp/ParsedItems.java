package dev.weir.otlp;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What generated protobuf reads: how often each item stands with the rest of its Scope* and Resource*. */
final class ParsedItems {

    private ParsedItems() {}

    static Map<List<Message>, Integer> of(Message request) {
        Map<List<Message>, Integer> items = new HashMap<>();
        for (Message resource : children(request, 1)) {
            for (Message scope : children(resource, 2)) {
                for (Message item : children(scope, 2)) {
                    items.merge(List.of(without(resource), without(scope), item), 1, Integer::sum);
                }
            }
        }
        return items;
    }

    /** The same in two requests. */
    static Map<List<Message>, Integer> twice(Message request) {
        Map<List<Message>, Integer> items = of(request);
        items.replaceAll((item, count) -> 2 * count);
        return items;
    }

    @SuppressWarnings("unchecked")
    private static List<Message> children(Message message, int field) {
        return (List<Message>) message.getField(field(message, field));
    }

    private static Message without(Message message) {
        return message.toBuilder().clearField(field(message, 2)).build();
    }

    private static FieldDescriptor field(Message message, int number) {
        return message.getDescriptorForType().findFieldByNumber(number);
    }
}
