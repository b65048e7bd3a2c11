package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

final class BuildInfoTest {

    @Test
    void shouldSayWhatTheBuildSaid() {
        Properties properties = new Properties();
        properties.setProperty("version", "1.2.3");
        properties.setProperty("commit", "8cba0b4e8da1be988acdf51b11026d0b81fdd94e");
        properties.setProperty("time", "2026-11-21T16:07:02Z");

        assertThat(BuildInfo.of(properties))
                .isEqualTo(new BuildInfo(
                        "1.2.3", "8cba0b4e8da1be988acdf51b11026d0b81fdd94e", "2026-11-21T16:07:02Z", "jvm"));
    }

    @Test
    void shouldSayUnknownForWhatTheBuildDidNotFillIn() {
        Properties properties = new Properties();
        properties.setProperty("commit", "${buildNumber}");
        properties.setProperty("time", " ");

        assertThat(BuildInfo.of(properties)).isEqualTo(new BuildInfo("unknown", "unknown", "unknown", "jvm"));
    }
}
