/**
 * Says who sent what came, and turns the mesh's own words into the semantic conventions. Entered through {@link
 * dev.weir.enrich.EnrichStage}; what a part of it knows lives in a package of its own: who the sender is in {@code identity},
 * Envoy's tags in {@code envoy}, pods in {@code kubernetes}.
 */
@NullMarked
package dev.weir.enrich;

import org.jspecify.annotations.NullMarked;
