package dev.weir.otlp;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One item with all that belongs to it, as hex text: the other fields of its request's Resource* and Scope*. Written
 * apart from the code under test; an empty Resource* or Scope* is an item of no bytes.
 */
record Flat(String resource, String scope, String item) {

    static List<Flat> of(byte[] request) {
        List<Flat> all = new ArrayList<>();
        for (byte[] resource : contents(request, 1)) {
            String resourceHeader = others(resource, 2);
            List<byte[]> scopes = contents(resource, 2);
            if (scopes.isEmpty()) {
                all.add(new Flat(resourceHeader, "", ""));
            }
            for (byte[] scope : scopes) {
                String scopeHeader = others(scope, 2);
                List<byte[]> items = contents(scope, 2);
                if (items.isEmpty()) {
                    all.add(new Flat(resourceHeader, scopeHeader, ""));
                }
                for (byte[] item : items) {
                    all.add(new Flat(resourceHeader, scopeHeader, HexFormat.of().formatHex(item)));
                }
            }
        }
        String unknown = others(request, 1);
        if (!unknown.isEmpty()) {
            all.add(new Flat("request", "", unknown));
        }
        return all;
    }

    /** Items in their order, by resource and scope. Unknown fields of the request and empty groups become one. */
    static Map<String, String> byGroup(List<Flat> items) {
        Map<String, String> groups = new LinkedHashMap<>();
        for (Flat flat : items) {
            groups.merge(flat.resource + "/" + flat.scope, flat.item.isEmpty() ? "" : flat.item + ",", String::concat);
        }
        groups.computeIfPresent("request/", (key, unknown) -> unknown.replace(",", ""));
        // A resource that also has scopes needs no entry of its own.
        groups.keySet()
                .removeIf(key -> key.endsWith("/")
                        && groups.get(key).isEmpty()
                        && groups.keySet().stream()
                                .anyMatch(other -> other.startsWith(key) && other.length() > key.length()));
        return new TreeMap<>(groups);
    }

    private static List<byte[]> contents(byte[] message, int number) {
        List<byte[]> contents = new ArrayList<>();
        FieldCursor field = new FieldCursor().reset(message, 0, message.length);
        while (field.next()) {
            if (field.isContent(number)) {
                contents.add(java.util.Arrays.copyOfRange(message, field.valueStart(), field.valueEnd()));
            }
        }
        return contents;
    }

    private static String others(byte[] message, int number) {
        StringBuilder hex = new StringBuilder();
        FieldCursor field = new FieldCursor().reset(message, 0, message.length);
        while (field.next()) {
            if (!field.isContent(number)) {
                hex.append(HexFormat.of().formatHex(message, field.fieldStart(), field.valueEnd()));
            }
        }
        return hex.toString();
    }
}
