/** The two doors, OTLP over gRPC and over HTTP: decompression, admission by bytes, validation, answers. */
@NullMarked
package dev.weir.receive;

import org.jspecify.annotations.NullMarked;
