package dev.weir.admin;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What is running. What the build could not say is {@code unknown}: the commit, when it was no clone that was built.
 *
 * @param version of Weir
 * @param commit it was built from, 40 hex digits
 * @param time of the build, ISO 8601
 * @param runtime {@code native} or {@code jvm}
 */
public record BuildInfo(String version, String commit, String time, String runtime) {

    private static final String UNKNOWN = "unknown";

    /** As the build left it in the class path. */
    public static BuildInfo read() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream("/META-INF/weir-build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(properties);
    }

    static BuildInfo of(Properties properties) {
        boolean isNative = System.getProperty("org.graalvm.nativeimage.imagecode") != null;
        return new BuildInfo(
                value(properties, "version"),
                value(properties, "commit"),
                value(properties, "time"),
                isNative ? "native" : "jvm");
    }

    /** One that the build did not fill in is still the expression that stood for it. */
    private static String value(Properties properties, String key) {
        String value = properties.getProperty(key, "").strip();
        return value.isEmpty() || value.startsWith("$") ? UNKNOWN : value;
    }

    /** Makes it a bean: a record cannot be one by itself. */
    @Singleton
    static final class Producer {

        @Produces
        @Singleton
        BuildInfo buildInfo() {
            return BuildInfo.read();
        }
    }
}
