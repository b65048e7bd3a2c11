/**
 * Who sent a request, and how sure that is. Entered through {@link dev.weir.enrich.identity.Callers}: what a client certificate
 * or the mesh's own header proves. {@link dev.weir.enrich.identity.NodeId} reads what a proxy merely says of itself.
 */
@NullMarked
package dev.weir.enrich.identity;

import org.jspecify.annotations.NullMarked;
