/**
 * What proxies say, turned into the semantic conventions: {@link dev.weir.enrich.envoy.EnvoyDialect} for the tags of Envoy's
 * spans. The table is data ({@code EnvoyTags}); nothing here asks anybody anything.
 */
@NullMarked
package dev.weir.enrich.envoy;

import org.jspecify.annotations.NullMarked;
