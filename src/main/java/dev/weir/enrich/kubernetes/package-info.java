/**
 * What the Kubernetes API says of the pods that send. Entered through {@link dev.weir.enrich.kubernetes.Pods}; {@code PodWatch}
 * keeps them current.
 */
@NullMarked
package dev.weir.enrich.kubernetes;

import org.jspecify.annotations.NullMarked;
