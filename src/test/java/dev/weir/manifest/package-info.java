/**
 * Rules for the manifests under {@code kubernetes}, {@code istio} and {@code linkerd}: an {@link dev.weir.manifest.Overlay} is what
 * {@code kustomize build} makes of a folder, {@link dev.weir.manifest.ManifestRules} says what is wrong with it. What needs no
 * kubectl is tested here, with a broken sample for each rule; every folder is built and checked in {@code dev.weir.it}.
 */
@NullMarked
package dev.weir.manifest;

import org.jspecify.annotations.NullMarked;
