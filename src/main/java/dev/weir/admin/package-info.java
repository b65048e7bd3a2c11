/** REST API, health, metrics: everything on the admin port. */
@NullMarked
package dev.weir.admin;

import org.jspecify.annotations.NullMarked;
