package dev.weir.enrich;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings whose words are {@code on} and {@code off}: in YAML these are truth values, and arrive as {@code true} and
 * {@code false}. Its converters are found by the service loader.
 */
public final class OnOff {

    private OnOff() {}

    private static <E extends Enum<E>> @Nullable E read(Class<E> type, String value) {
        String word = value.strip().toLowerCase(Locale.ROOT);
        if (word.isEmpty()) {
            return null;
        }
        String meant = switch (word) {
            case "true" -> "on";
            case "false" -> "off";
            default -> word;
        };
        for (E constant : type.getEnumConstants()) {
            if (name(constant).equals(meant)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("'" + value + "' is not one of "
                + Arrays.stream(type.getEnumConstants()).map(OnOff::name).collect(Collectors.joining(", ")));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code weir.mesh.kubernetes}. */
    public static final class KubernetesConverter implements Converter<MeshConfig.Kubernetes> {
        @Override
        public MeshConfig.@Nullable Kubernetes convert(String value) {
            return read(MeshConfig.Kubernetes.class, value);
        }
    }

    /** {@code weir.mesh.dialect}. */
    public static final class DialectConverter implements Converter<MeshConfig.Dialect> {
        @Override
        public MeshConfig.@Nullable Dialect convert(String value) {
            return read(MeshConfig.Dialect.class, value);
        }
    }
}
