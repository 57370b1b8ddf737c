//! The built-in types: their numbers, names and bases.

use super::value::Value;

macro_rules! types {
    ($($name:ident $text:literal $base:ident,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum Number { $($name,)* }
        $(#[allow(missing_docs)] pub const $name: u16 = Number::$name as u16;)*
        const NAMES: &[&str] = &[$($text,)*];
        const BASES: &[u16] = &[$($base,)*];
    };
}

types! {
    OBJECT "object" OBJECT,
    TYPE "type" OBJECT,
    NONE "NoneType" OBJECT,
    NOT_IMPLEMENTED "NotImplementedType" OBJECT,
    ELLIPSIS "ellipsis" OBJECT,
    INT "int" OBJECT,
    BOOL "bool" INT,
    FLOAT "float" OBJECT,
    STR "str" OBJECT,
    BYTES "bytes" OBJECT,
    BYTEARRAY "bytearray" OBJECT,
    LIST "list" OBJECT,
    TUPLE "tuple" OBJECT,
    DICT "dict" OBJECT,
    SET "set" OBJECT,
    FROZENSET "frozenset" OBJECT,
    RANGE "range" OBJECT,
    SLICE "slice" OBJECT,
    DEQUE "collections.deque" OBJECT,
    ITERATOR "iterator" OBJECT,
    ENUMERATE "enumerate" ITERATOR,
    FILTER "filter" ITERATOR,
    MAP "map" ITERATOR,
    REVERSED "reversed" ITERATOR,
    ZIP "zip" ITERATOR,
    LIST_ITERATOR "list_iterator" ITERATOR,
    LIST_REVERSE_ITERATOR "list_reverseiterator" ITERATOR,
    TUPLE_ITERATOR "tuple_iterator" ITERATOR,
    STR_ITERATOR "str_ascii_iterator" ITERATOR,
    BYTES_ITERATOR "bytes_iterator" ITERATOR,
    BYTEARRAY_ITERATOR "bytearray_iterator" ITERATOR,
    RANGE_ITERATOR "range_iterator" ITERATOR,
    DICT_KEY_ITERATOR "dict_keyiterator" ITERATOR,
    DICT_VALUE_ITERATOR "dict_valueiterator" ITERATOR,
    DICT_ITEM_ITERATOR "dict_itemiterator" ITERATOR,
    SET_ITERATOR "set_iterator" ITERATOR,
    DEQUE_ITERATOR "_collections._deque_iterator" ITERATOR,
    CALLABLE_ITERATOR "callable_iterator" ITERATOR,
    DICT_VIEW "dict_view" OBJECT,
    DICT_KEYS "dict_keys" DICT_VIEW,
    DICT_VALUES "dict_values" DICT_VIEW,
    DICT_ITEMS "dict_items" DICT_VIEW,
    FUNCTION "function" OBJECT,
    NATIVE "builtin_function_or_method" OBJECT,
    METHOD "method" OBJECT,
    PROPERTY "property" OBJECT,
    CLASSMETHOD "classmethod" OBJECT,
    STATICMETHOD "staticmethod" OBJECT,
    SUPER "super" OBJECT,
    CELL "cell" OBJECT,
    MODULE "module" OBJECT,
    GENERATOR "generator" OBJECT,
    COROUTINE "coroutine" OBJECT,
    ASYNC_GENERATOR "async_generator" OBJECT,
    ASYNC_STEP "async_generator_asend" OBJECT,
    ASYNC_THROW "async_generator_athrow" OBJECT,
    TRACEBACK "traceback" OBJECT,
    FRAME "frame" OBJECT,
    CODE "code" OBJECT,
    FUTURE "_asyncio.Future" OBJECT,
    TASK "_asyncio.Task" FUTURE,
    HANDLE "Handle" OBJECT,
    TIMER_HANDLE "TimerHandle" HANDLE,
    LOOP "_UnixSelectorEventLoop" OBJECT,
    TURN "generator" OBJECT,
    LOCK "_thread.lock" OBJECT,
    RLOCK "_thread.RLock" OBJECT,
    THING "thing" OBJECT,
    BASE_EXCEPTION "BaseException" OBJECT,
    EXCEPTION "Exception" BASE_EXCEPTION,
    BASE_EXCEPTION_GROUP "BaseExceptionGroup" BASE_EXCEPTION,
    EXCEPTION_GROUP "ExceptionGroup" BASE_EXCEPTION_GROUP,
    GENERATOR_EXIT "GeneratorExit" BASE_EXCEPTION,
    KEYBOARD_INTERRUPT "KeyboardInterrupt" BASE_EXCEPTION,
    SYSTEM_EXIT "SystemExit" BASE_EXCEPTION,
    CANCELLED_ERROR "asyncio.exceptions.CancelledError" BASE_EXCEPTION,
    INVALID_STATE_ERROR "asyncio.exceptions.InvalidStateError" EXCEPTION,
    ARITHMETIC_ERROR "ArithmeticError" EXCEPTION,
    ZERO_DIVISION_ERROR "ZeroDivisionError" ARITHMETIC_ERROR,
    OVERFLOW_ERROR "OverflowError" ARITHMETIC_ERROR,
    FLOATING_POINT_ERROR "FloatingPointError" ARITHMETIC_ERROR,
    ASSERTION_ERROR "AssertionError" EXCEPTION,
    ATTRIBUTE_ERROR "AttributeError" EXCEPTION,
    BUFFER_ERROR "BufferError" EXCEPTION,
    EOF_ERROR "EOFError" EXCEPTION,
    IMPORT_ERROR "ImportError" EXCEPTION,
    MODULE_NOT_FOUND_ERROR "ModuleNotFoundError" IMPORT_ERROR,
    LOOKUP_ERROR "LookupError" EXCEPTION,
    INDEX_ERROR "IndexError" LOOKUP_ERROR,
    KEY_ERROR "KeyError" LOOKUP_ERROR,
    MEMORY_ERROR "MemoryError" EXCEPTION,
    NAME_ERROR "NameError" EXCEPTION,
    UNBOUND_LOCAL_ERROR "UnboundLocalError" NAME_ERROR,
    OS_ERROR "OSError" EXCEPTION,
    BLOCKING_IO_ERROR "BlockingIOError" OS_ERROR,
    CONNECTION_ERROR "ConnectionError" OS_ERROR,
    BROKEN_PIPE_ERROR "BrokenPipeError" CONNECTION_ERROR,
    CONNECTION_ABORTED_ERROR "ConnectionAbortedError" CONNECTION_ERROR,
    CONNECTION_REFUSED_ERROR "ConnectionRefusedError" CONNECTION_ERROR,
    CONNECTION_RESET_ERROR "ConnectionResetError" CONNECTION_ERROR,
    FILE_EXISTS_ERROR "FileExistsError" OS_ERROR,
    FILE_NOT_FOUND_ERROR "FileNotFoundError" OS_ERROR,
    INTERRUPTED_ERROR "InterruptedError" OS_ERROR,
    PERMISSION_ERROR "PermissionError" OS_ERROR,
    CHILD_PROCESS_ERROR "ChildProcessError" OS_ERROR,
    IS_A_DIRECTORY_ERROR "IsADirectoryError" OS_ERROR,
    NOT_A_DIRECTORY_ERROR "NotADirectoryError" OS_ERROR,
    PROCESS_LOOKUP_ERROR "ProcessLookupError" OS_ERROR,
    TIMEOUT_ERROR "TimeoutError" OS_ERROR,
    REFERENCE_ERROR "ReferenceError" EXCEPTION,
    RUNTIME_ERROR "RuntimeError" EXCEPTION,
    NOT_IMPLEMENTED_ERROR "NotImplementedError" RUNTIME_ERROR,
    RECURSION_ERROR "RecursionError" RUNTIME_ERROR,
    STOP_ITERATION "StopIteration" EXCEPTION,
    STOP_ASYNC_ITERATION "StopAsyncIteration" EXCEPTION,
    SYNTAX_ERROR "SyntaxError" EXCEPTION,
    SYSTEM_ERROR "SystemError" EXCEPTION,
    INDENTATION_ERROR "IndentationError" SYNTAX_ERROR,
    TAB_ERROR "TabError" INDENTATION_ERROR,
    TYPE_ERROR "TypeError" EXCEPTION,
    VALUE_ERROR "ValueError" EXCEPTION,
    UNICODE_ERROR "UnicodeError" VALUE_ERROR,
    UNICODE_DECODE_ERROR "UnicodeDecodeError" UNICODE_ERROR,
    UNICODE_ENCODE_ERROR "UnicodeEncodeError" UNICODE_ERROR,
    WARNING "Warning" EXCEPTION,
    DEPRECATION_WARNING "DeprecationWarning" WARNING,
    RESOURCE_WARNING "ResourceWarning" WARNING,
    RUNTIME_WARNING "RuntimeWarning" WARNING,
    USER_WARNING "UserWarning" WARNING,
    FUTURE_WARNING "FutureWarning" WARNING,
    IMPORT_WARNING "ImportWarning" WARNING,
    PENDING_DEPRECATION_WARNING "PendingDeprecationWarning" WARNING,
    SYNTAX_WARNING "SyntaxWarning" WARNING,
    UNICODE_WARNING "UnicodeWarning" WARNING,
    BYTES_WARNING "BytesWarning" WARNING,
}

/// How many there are.
pub const COUNT: u16 = NAMES.len() as u16;

/// The name as tracebacks print it, with its module unless that is `builtins`.
pub fn qualified_name(number: u16) -> &'static str {
    NAMES[number as usize]
}

/// `__name__`.
pub fn name(number: u16) -> &'static str {
    let name = NAMES[number as usize];
    name.rsplit('.').next().unwrap_or(name)
}

/// A type and what it derives from, in the order of lookups.
pub fn order(mut number: u16) -> Vec<Value> {
    let mut order = vec![value(number)];
    while number != OBJECT {
        let second = (number == EXCEPTION_GROUP).then_some(value(EXCEPTION));
        number = base(number);
        order.push(value(number));
        order.extend(second);
    }
    order
}

/// The base, of two the first; `object` is its own.
pub fn base(number: u16) -> u16 {
    BASES[number as usize]
}

/// Whether `number` is `ancestor` or derives from it.
pub fn derives(mut number: u16, ancestor: u16) -> bool {
    loop {
        if number == ancestor || ancestor == OBJECT {
            return true;
        }
        // The one built-in type with two bases.
        if number == EXCEPTION_GROUP && ancestor == EXCEPTION {
            return true;
        }
        if number == OBJECT {
            return false;
        }
        number = base(number);
    }
}

/// Whether it is an exception type.
pub fn is_exception(number: u16) -> bool {
    derives(number, BASE_EXCEPTION)
}

/// The type's value.
pub const fn value(number: u16) -> Value {
    Value::builtin_type(number)
}
