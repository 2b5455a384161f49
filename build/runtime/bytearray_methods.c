/* bytearray: methods called by name. Those that leave the array as it is are in
   bytearray_views.c. */

#include "bytearray.h"
#include "int.h"
#include "methods.h"
#include "tagged.h"

METHOD(bytearray, append) {
    char byte;
    EXPECT("bytearray.append", 1, 1);
    if (!byte_from(args[0], &byte)) return NULL;
    bytearray_extend((ByteArray *)self, (Span){&byte, 1});
    return none_new_reference();
}

METHOD(bytearray, extend) {
    EXPECT("bytearray.extend", 1, 1);
    if (!is_bytes(args[0]) && !is_bytearray(args[0]) && !args[0]->type->iterate) {
        raise_formatted(&Exc_TypeError_Type, "can't extend bytearray with %T", args[0]);
        return NULL;
    }
    return none_if(bytearray_extend_from((ByteArray *)self, args[0]));
}

METHOD(bytearray, clear) {
    EXPECT("bytearray.clear", 0, 0);
    bytearray_splice((ByteArray *)self, 0, (uint32_t)((VarObject *)self)->size, 0);
    return none_new_reference();
}

METHOD(bytearray, copy) {
    Span data;
    EXPECT("bytearray.copy", 0, 0);
    bytes_like(self, &data);
    return (Object *)bytearray_new(data);
}

METHOD(bytearray, insert) {
    int64_t index;
    char byte;
    ByteArray *array = (ByteArray *)self;
    EXPECT("bytearray.insert", 2, 2);
    if (!int_from_index(args[0], &index) || !byte_from(args[1], &byte)) return NULL;
    if (index < 0 && (index += array->var.size) < 0) index = 0;
    if (index > array->var.size) index = array->var.size;
    *bytearray_splice(array, (uint32_t)index, 0, 1) = byte;
    return none_new_reference();
}

METHOD(bytearray, pop) {
    int64_t index = -1;
    ByteArray *array = (ByteArray *)self;
    EXPECT("bytearray.pop", 0, 1);
    if (count && !int_from_index(args[0], &index)) return NULL;
    if (!array->var.size) {
        raise_standard_error(&Exc_IndexError_Type, "pop from empty bytearray");
        return NULL;
    }
    if (index < 0) index += array->var.size;
    if (index < 0 || index >= array->var.size) {
        raise_standard_error(&Exc_IndexError_Type, "pop index out of range");
        return NULL;
    }
    Object *byte = int_new((uint8_t)array->data[index]);
    bytearray_splice(array, (uint32_t)index, 1, 0);
    return byte;
}

METHOD(bytearray, remove) {
    char byte;
    Span data;
    EXPECT("bytearray.remove", 1, 1);
    if (!byte_from(args[0], &byte)) return NULL;
    bytes_like(self, &data);
    uint32_t place = search_forward(data, (Span){&byte, 1});
    if (place == NOT_FOUND) {
        raise_standard_error(&Exc_ValueError_Type, "value not found in bytearray");
        return NULL;
    }
    bytearray_splice((ByteArray *)self, place, 1, 0);
    return none_new_reference();
}

METHOD(bytearray, reverse) {
    ByteArray *array = (ByteArray *)self;
    EXPECT("bytearray.reverse", 0, 0);
    for (int64_t low = 0, high = array->var.size - 1; low < high; low++, high--) {
        char byte = array->data[low];
        array->data[low] = array->data[high];
        array->data[high] = byte;
    }
    return none_new_reference();
}
