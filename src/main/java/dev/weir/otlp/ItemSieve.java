package dev.weir.otlp;

/**
 * Passes over the items of a Scope* that an {@link AttributeSieve} does not catch. Reusable; for one thread; allocates nothing.
 */
public final class ItemSieve {

    private final AttributeSieve sieve;
    private int passed;

    public ItemSieve(AttributeSieve sieve) {
        this.sieve = sieve;
    }

    /**
     * Passes over spans or log records.
     *
     * @param validBytes bytes that a {@link RequestScanner} found valid
     * @param from where a field of the Scope* begins, with its tag
     * @param to where the Scope* ends
     * @param attributes which field of an item holds its attributes, for example {@link AttributeView#OF_SPAN}
     * @param isPlain whether it is known that no item is caught
     * @return where the first field begins that is caught, or is no item; {@code to} when there is none
     */
    public int pass(byte[] validBytes, int from, int to, int attributes, boolean isPlain) {
        byte[] b = validBytes;
        int p = from;
        int count = 0;
        while (p < to && b[p] == RequestFields.ITEMS_TAG) {
            int length = b[p + 1];
            int body = p + 2;
            if (length < 0) {
                length = (int) Wire.varint(b, p + 1);
                body = AttributeSieve.afterVarint(b, p + 1);
            }
            if (!isPlain && sieve.catches(b, body, body + length, attributes)) {
                break;
            }
            p = body + length;
            count++;
        }
        passed = count;
        return p;
    }

    /** How many items were passed over last. */
    public int passed() {
        return passed;
    }
}
