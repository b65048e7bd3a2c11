package dev.weir.enrich.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Gives equal texts as one, as far as it remembers them: nodes, namespaces, workloads. Any thread. */
final class SharedTexts implements UnaryOperator<String> {

    private static final int MOST = 8192;

    private final Map<String, String> texts = new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    @Override
    public synchronized String apply(String text) {
        String known = texts.putIfAbsent(text, text);
        return known == null ? text : known;
    }
}
