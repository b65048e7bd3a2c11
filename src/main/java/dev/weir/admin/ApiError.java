package dev.weir.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer with a 4xx status.
 *
 * @param error a sentence
 * @param parameter the parameter that is wrong, if one is
 * @param value what it was
 * @param expected what it may be
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record ApiError(
        String error,
        @Nullable String parameter,
        @Nullable String value,
        @Nullable String expected) {

    static ApiError of(String sentence) {
        return new ApiError(sentence, null, null, null);
    }
}
