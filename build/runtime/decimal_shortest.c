/* The shortest decimal of a double. */

#include "decimal.h"

const double decimal_powers[EXACT_POWERS + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* 15 decimal digits always survive the way through a double, so one that gives `value` by a single
   correctly rounded division is the only one, and the shortest. */
static bool shortest_by_division(Decimal *decimal, double value) {
    if (value >= 1e15) return false;
    for (int32_t places = 0; places <= EXACT_POWERS; places++) {
        double scaled = value * decimal_powers[places];
        if (scaled >= 1e15) return false;
        uint64_t number = (uint64_t)(scaled + 0.5);
        if (number == 0 || (double)number / decimal_powers[places] != value) continue;
        decimal_from_binary(decimal, (Binary){number, 0});
        decimal->point -= places;
        return true;
    }
    return false;
}

static bool contains(const Interval *interval, const Decimal *decimal) {
    int low = decimal_compare(&interval->low, decimal->digits, decimal->count, decimal->point);
    int high = decimal_compare(&interval->high, decimal->digits, decimal->count, decimal->point);
    return interval->closed ? low <= 0 && high >= 0 : low < 0 && high > 0;
}

void decimal_shortest(Decimal *decimal, double value) {
    decimal->count = decimal->point = 0;
    if (value == 0 || shortest_by_division(decimal, value)) return;
    Binary binary = binary_from_double(value);
    Interval interval;
    Decimal exact;
    decimal_interval(&interval, binary);
    decimal_from_binary(&exact, binary);
    for (int32_t count = 1;; count++) {
        /* The nearer of the two decimals around the value first. */
        bool up = count < exact.count && decimal_rounds_up(&exact, count);
        *decimal = exact;
        decimal_truncate(decimal, count, up);
        if (contains(&interval, decimal)) return;
        *decimal = exact;
        decimal_truncate(decimal, count, !up);
        if (contains(&interval, decimal)) return;
    }
}
