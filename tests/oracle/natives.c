/* What the compiler's own primitives do (build/runtime/language.c), in terms of CPython, in front of the C
   that mypyc makes of the IR. */

#include <Python.h>
#include <CPy.h>

/* An instance: of the class that is given, or what is given. A new reference. */
static PyObject *instance(PyObject *given) {
    if (PyType_Check(given)) return PyObject_CallNoArgs(given);
    Py_INCREF(given);
    return given;
}

PyObject *CPyDef__language___with_cause(PyObject *given, PyObject *given_cause) {
    PyObject *exception = instance(given), *cause = instance(given_cause);
    bool done = exception && cause && !PyObject_SetAttrString(exception, "__cause__", cause);
    Py_XDECREF(cause);
    if (done) return exception;
    Py_XDECREF(exception);
    return NULL;
}

CPyTagged CPyDef__language___find_text(PyObject *text, PyObject *texts) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(texts); i++) {
        int equal = PyObject_RichCompareBool(PyList_GET_ITEM(texts, i), text, Py_EQ);
        if (equal < 0) return CPY_INT_TAG;
        if (equal) return (CPyTagged)i << 1;
    }
    return (CPyTagged)-1 << 1;
}

CPyTagged CPyDef__language___exact_int(CPyTagged value) {
    CPyTagged_INCREF(value);
    return value;
}

#include "__native_mixer2.c"
