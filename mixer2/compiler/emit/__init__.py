"""The emitter: mypyc's IR in, symbols for the linker out.

representation  how a type of the IR lies in locals and in memory
code            the body under construction: code pieces, locals, the operand stack
control_flow    basic blocks to structured control flow
function        one function of the IR
ops             one emitter per kind of op
literals        objects laid out statically
classes         type objects, instances, constructors
boxed, slots, creation, exports   functions between calling conventions
top_level       module initialisation
program         the whole program, symbol by symbol, on demand
"""
