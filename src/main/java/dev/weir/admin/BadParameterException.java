package dev.weir.admin;

/** A query parameter that cannot be understood; answered with 400. */
final class BadParameterException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String parameter;
    private final String value;
    private final String expected;

    /** @param expected completes the sentence "expected …" */
    BadParameterException(String parameter, String value, String expected) {
        super(parameter + "=" + value + ": expected " + expected);
        this.parameter = parameter;
        this.value = value;
        this.expected = expected;
    }

    ApiError toError() {
        return new ApiError("bad parameter " + parameter + ": expected " + expected, parameter, value, expected);
    }
}
