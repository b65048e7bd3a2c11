package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadersTest {

    @TempDir
    Path dir;

    @Test
    void shouldReadAFileAgainWhenItChanges() throws IOException {
        Path file = Files.writeString(dir.resolve("token"), "Bearer one\n");
        Headers headers = new Headers(Map.of("Authorization", "file:" + file), name -> null);
        assertThat(headers.current()).isEqualTo(Map.of("authorization", "Bearer one"));

        Files.writeString(file, "Bearer two\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));

        assertThat(headers.refresh()).isEmpty();
        assertThat(headers.current()).isEqualTo(Map.of("authorization", "Bearer two"));
    }

    @Test
    void shouldKeepTheLastValueWhenTheFileIsGoneOrEmpty() throws IOException {
        Path file = Files.writeString(dir.resolve("token"), "secret");
        Headers headers = new Headers(Map.of("x-key", "file:" + file), name -> null);

        Files.writeString(file, "");
        assertThat(headers.refresh()).containsExactly("header x-key: the file " + file + " is empty");
        Files.delete(file);
        assertThat(headers.refresh()).containsExactly("header x-key: the file " + file + " cannot be read");

        assertThat(headers.current()).isEqualTo(Map.of("x-key", "secret"));
    }

    @Test
    void shouldTakeAValueFromTheEnvironment() {
        Headers headers = new Headers(Map.of("x-key", "env:KEY"), Map.of("KEY", "secret ")::get);

        assertThat(headers.current()).isEqualTo(Map.of("x-key", "secret"));
    }

    @Test
    void shouldNeverShowAValue() {
        Headers headers = new Headers(Map.of("authorization", "Bearer sesame"), name -> null);

        assertThat(headers.toString()).isEqualTo("headers [authorization]");
        assertThat(headers.scrub("invalid token sesame in 'Bearer sesame'")).isEqualTo("invalid token *** in '***'");
    }

    @Test
    void shouldSayWhatIsWrongWithoutTheValue() {
        assertThat(Headers.faults(
                        Map.of(
                                "a b", "v",
                                "Content-Type", "text/plain",
                                "grpc-timeout", "1S",
                                "key-bin", "AA",
                                "x-line", "ses\r\name",
                                "x-env", "env:NONE",
                                "x-file", "file:/none"),
                        name -> null))
                .containsExactly(
                        "Content-Type: is set by Weir itself; remove it",
                        "a b: is not a header name; use letters, digits, - _ and .",
                        "grpc-timeout: is set by Weir itself; remove it",
                        "key-bin: binary headers are not supported; choose a name that does not end in -bin",
                        "x-env: the environment variable NONE is not set",
                        "x-file: the file /none cannot be read",
                        "x-line: the value has a character that is not printable ASCII, or is over 16 KiB");
    }
}
