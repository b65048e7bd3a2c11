package dev.weir.app;

import java.nio.file.Path;

/**
 * Where the policies of tail sampling stand.
 *
 * @param isConfiguration whether the file is {@code weir.yaml}, and they are its {@code weir.sample.tail.policies}
 */
record PolicySource(Path file, boolean isConfiguration) {}
