/**
 * Views and writers over the bytes of OTLP requests, and the mapping between OTLP JSON and protobuf.
 *
 * <p>Nothing here builds message objects: a view is a borrowed window over a {@code byte[]}, never stored. This package
 * depends on no other of Weir's.
 */
@NullMarked
package dev.weir.otlp;

import org.jspecify.annotations.NullMarked;
