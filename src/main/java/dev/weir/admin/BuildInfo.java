package dev.weir.admin;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What is running.
 *
 * @param version of Weir
 * @param commit it was built from; {@code unknown} when the build was not told
 * @param runtime {@code native} or {@code jvm}
 */
record BuildInfo(String version, String commit, String runtime) {

    private static final String RESOURCE = "/META-INF/weir-build.properties";

    static BuildInfo of(String version) {
        boolean isNative = System.getProperty("org.graalvm.nativeimage.imagecode") != null;
        return new BuildInfo(version, readCommit(), isNative ? "native" : "jvm");
    }

    private static String readCommit() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String commit = properties.getProperty("commit", "");
        return commit.isBlank() || commit.startsWith("$") ? "unknown" : commit;
    }

    /** Makes it a bean: a record cannot be one by itself. */
    @Singleton
    static final class Producer {

        private final String version;

        @Inject
        Producer(@ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version) {
            this.version = version;
        }

        @jakarta.enterprise.inject.Produces
        @Singleton
        BuildInfo buildInfo() {
            return BuildInfo.of(version);
        }
    }
}
