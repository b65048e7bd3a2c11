package dev.weir.admin;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** What a registry has already: it warns of a function that is registered again. */
final class Registered {

    private Registered() {}

    static boolean has(MeterRegistry registry, String name, Tags tags) {
        return registry.find(name).tags(tags).meter() != null;
    }
}
