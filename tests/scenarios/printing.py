"""Results as isolationtester prints them: aligned columns, numbers to the right, a line of dashes, the count."""

NUMBER_CHARACTERS = set("0123456789.Ee -")


def is_number(value):
    """As far as one can tell from its characters; NULL and the empty text could be anything."""
    if not value:
        return True
    return set(value) <= NUMBER_CHARACTERS and value[0] not in "Ee" and value[-1].isdigit()


def width(text):
    return len(text.encode())


def aligned(value, size, left):
    padding = " " * (size - width(value))
    return value + padding if left else padding + value


def table(names, rows):
    """`rows` are lists of texts or None."""
    count = f"({len(rows)} row{'' if len(rows) == 1 else 's'})\n\n"
    if not names:
        return count
    shown = [[value or "" for value in row] for row in rows]
    columns = [[row[i] for row in shown] for i in range(len(names))]
    sizes = [max(map(width, [name, *column])) for name, column in zip(names, columns)]
    left = [not all(map(is_number, column)) for column in columns]

    def line(values):
        return "|".join(map(aligned, values, sizes, left)) + "\n"

    dashes = "+".join("-" * size for size in sizes) + "\n"
    return line(names) + dashes + "".join(map(line, shown)) + count
