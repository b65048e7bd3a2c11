/**
 * What proxies say, turned into the semantic conventions: {@link dev.weir.enrich.envoy.EnvoyDialect} for the tags of Envoy's
 * spans, {@link dev.weir.enrich.envoy.ProxyResource} for the resources of Envoy's access logs and of Linkerd's spans. The
 * tables are data ({@code EnvoyTags}); nothing here asks anybody anything.
 */
@NullMarked
package dev.weir.enrich.envoy;

import org.jspecify.annotations.NullMarked;
