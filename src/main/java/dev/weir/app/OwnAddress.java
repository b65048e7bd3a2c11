package dev.weir.app;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a host is this one, so that what is sent to it at a door's port comes back through the door. Asks no name
 * server: of names only those of the loopback and this host's own are known.
 */
final class OwnAddress {

    private static final Set<String> LOOPBACK = Set.of("localhost", "ip6-localhost", "ip6-loopback");

    private OwnAddress() {}

    /**
     * @param host of a URL
     * @param door the host that a door is bound to
     */
    static boolean reaches(String host, String door) {
        String there = plain(host);
        String bound = plain(door);
        if (there.equals(bound)) {
            return true;
        }
        InetAddress at = literal(bound);
        if (at == null || at.isAnyLocalAddress()) {
            return isLoopback(there) || isOwnName(there) || isOfInterface(there);
        }
        if (at.isLoopbackAddress()) {
            InetAddress address = literal(there);
            return isLoopback(there) && (address == null || address.isAnyLocalAddress() || address.equals(at));
        }
        return at.equals(literal(there)) || isOwnName(there);
    }

    private static String plain(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        String bare = lower.startsWith("[") && lower.endsWith("]") ? lower.substring(1, lower.length() - 1) : lower;
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    private static boolean isLoopback(String host) {
        InetAddress address = literal(host);
        return address == null
                ? LOOPBACK.contains(host) || host.endsWith(".localhost")
                : address.isLoopbackAddress() || address.isAnyLocalAddress();
    }

    private static boolean isOwnName(String host) {
        if (host.equalsIgnoreCase(System.getenv("HOSTNAME"))) {
            return true;
        }
        try {
            return literal(host) == null
                    && host.equalsIgnoreCase(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isOfInterface(String host) {
        InetAddress address = literal(host);
        try {
            return address != null && NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return null; // a name
        }
    }
}
