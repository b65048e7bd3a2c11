package dev.weir.admin;

import dev.weir.export.store.TraceTooLargeException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers of the whole API to what it cannot do: a sentence as JSON. In no resource, where they would be only that one's. */
final class ErrorAnswers {

    @ServerExceptionMapper
    Response badParameter(BadParameterException e) {
        return answer(Response.Status.BAD_REQUEST, e.toError());
    }

    @ServerExceptionMapper
    Response notFound(NotFoundException e) {
        return answer(Response.Status.NOT_FOUND, ApiError.of(Objects.requireNonNullElse(e.getMessage(), "not found")));
    }

    @ServerExceptionMapper
    Response tooLarge(TraceTooLargeException e) {
        return answer(
                Response.Status.REQUEST_ENTITY_TOO_LARGE, ApiError.of(Objects.requireNonNullElse(e.getMessage(), "")));
    }

    private static Response answer(Response.Status status, ApiError error) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(error)
                .build();
    }
}
