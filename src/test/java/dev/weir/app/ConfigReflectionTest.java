package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A configuration type that is forgotten makes a native executable call every one of its keys unknown. */
final class ConfigReflectionTest {

    @Test
    void shouldKeepEveryTypeOfTheConfiguration() {
        Set<Class<?>> types = new HashSet<>();
        collect(WeirConfig.class, types);

        assertThat(ConfigReflection.class
                        .getAnnotation(RegisterForReflection.class)
                        .targets())
                .containsExactlyInAnyOrderElementsOf(types);
    }

    /** Nested types come with the one they stand in. */
    private static void collect(Type type, Set<Class<?>> into) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                collect(argument, into);
            }
        } else if (type instanceof Class<?> c && c.isInterface() && c.getName().startsWith("dev.weir")) {
            boolean isNew = c.isMemberClass() || into.add(c);
            if (isNew) {
                for (Method method : c.getMethods()) {
                    collect(method.getGenericReturnType(), into);
                }
            }
        }
    }
}
