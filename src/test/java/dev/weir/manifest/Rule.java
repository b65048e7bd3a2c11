package dev.weir.manifest;

import java.util.function.Consumer;

/** Something that must hold for all that is applied together. */
interface Rule {

    /** Says each fault in a sentence that begins with what has it. */
    void check(Overlay overlay, Consumer<String> fault);
}
