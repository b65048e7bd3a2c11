/** Identities and trust read from PEM files and reloaded when they change; used by both doors and by exporters. */
@NullMarked
package dev.weir.tls;

import org.jspecify.annotations.NullMarked;
