package dev.weir.enrich;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code weir.attributes}: attributes that are set or taken out, whatever the mesh is. */
public interface AttributesConfig {
    /** On the resources of all three signals. */
    Changes resource();

    /** On spans. */
    Changes span();

    /** What is changed of a resource or a span. */
    interface Changes {
        /** Text attributes, by key; what came under the key is replaced. */
        Map<String, String> set();

        /** Keys that are taken out. */
        Optional<List<String>> delete();
    }
}
