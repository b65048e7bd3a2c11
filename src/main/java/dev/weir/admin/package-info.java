/**
 * Everything on the admin port but the console: the REST API ({@code TracesResource}, {@code StatusResource}), health
 * ({@code HealthChecks}), metrics ({@code WeirMeters}). Reads the other packages through what they publish, changes
 * nothing.
 */
@NullMarked
package dev.weir.admin;

import org.jspecify.annotations.NullMarked;
