/* Operators on objects of any type. */

#ifndef MIXER2_NUMBER_H
#define MIXER2_NUMBER_H

#include "object.h"

Object *PyNumber_Add(Object *left, Object *right);
Object *PyNumber_InPlaceAdd(Object *left, Object *right);
Object *PyNumber_Subtract(Object *left, Object *right);
Object *PyNumber_InPlaceSubtract(Object *left, Object *right);
Object *PyNumber_Multiply(Object *left, Object *right);
Object *PyNumber_InPlaceMultiply(Object *left, Object *right);
Object *PyNumber_MatrixMultiply(Object *left, Object *right);
Object *PyNumber_InPlaceMatrixMultiply(Object *left, Object *right);
Object *PyNumber_TrueDivide(Object *left, Object *right);
Object *PyNumber_InPlaceTrueDivide(Object *left, Object *right);
Object *PyNumber_FloorDivide(Object *left, Object *right);
Object *PyNumber_InPlaceFloorDivide(Object *left, Object *right);
Object *PyNumber_Remainder(Object *left, Object *right);
Object *PyNumber_InPlaceRemainder(Object *left, Object *right);
Object *PyNumber_Divmod(Object *left, Object *right);
Object *PyNumber_Lshift(Object *left, Object *right);
Object *PyNumber_InPlaceLshift(Object *left, Object *right);
Object *PyNumber_Rshift(Object *left, Object *right);
Object *PyNumber_InPlaceRshift(Object *left, Object *right);
Object *PyNumber_And(Object *left, Object *right);
Object *PyNumber_InPlaceAnd(Object *left, Object *right);
Object *PyNumber_Xor(Object *left, Object *right);
Object *PyNumber_InPlaceXor(Object *left, Object *right);
Object *PyNumber_Or(Object *left, Object *right);
Object *PyNumber_InPlaceOr(Object *left, Object *right);
Object *PyNumber_Negative(Object *operand);
Object *PyNumber_Positive(Object *operand);
Object *PyNumber_Invert(Object *operand);
Object *PyNumber_Absolute(Object *operand);
/* base ** exponent % modulus; None: no modulus. */
Object *PyNumber_Power(Object *base, Object *exponent, Object *modulus);
Object *CPyNumber_Power(Object *base, Object *exponent);
Object *CPyNumber_InPlacePower(Object *base, Object *exponent);

/* The TypeError that a binary operator raises when neither operand knows the other; NULL.
   `symbol` is how the operator reads. */
Object *number_complain(Object *left, Object *right, int operator, const char *symbol);

#endif
