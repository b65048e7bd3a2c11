/** One queue, one sender and one retry for each destination, and the embedded store. */
@NullMarked
package dev.weir.export;

import org.jspecify.annotations.NullMarked;
