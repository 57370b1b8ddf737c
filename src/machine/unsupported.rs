//! Attributes that CPython's objects have and these do not: a program that asks for one is rejected, since `AttributeError` would be wrong.

use super::native::lists;
use super::object::Object;
use super::value::{Symbol, Value, View};
use super::{Context, types};

/// What every object has.
const ANYTHING: &str = "__dir__ __doc__ __ge__ __getstate__ __gt__ __le__ __lt__ __reduce__ __reduce_ex__ __sizeof__ \
    __subclasshook__ __weakref__";

/// What the objects of a type and those derived from it have beside that. CPython 3.12, `dir(type)`.
const MORE: &[(u16, &str)] = &[
    (
        types::INT,
        "__ceil__ __divmod__ __floor__ __getnewargs__ __rand__ __rdivmod__ __rfloordiv__ __rlshift__ __rmod__ __ror__ \
         __rpow__ __rrshift__ __rxor__ __trunc__ denominator imag numerator real",
    ),
    (
        types::FLOAT,
        "__ceil__ __divmod__ __floor__ __getformat__ __getnewargs__ __rdivmod__ __rfloordiv__ __rmod__ __rpow__ \
         __trunc__ fromhex hex imag real",
    ),
    (types::STR, "__getnewargs__ __rmod__"),
    (
        types::BYTES,
        "__buffer__ __bytes__ __getnewargs__ __rmod__ isascii maketrans translate",
    ),
    (
        types::BYTEARRAY,
        "__add__ __alloc__ __buffer__ __iadd__ __imul__ __mod__ __mul__ __release_buffer__ __rmod__ __rmul__ copy \
         fromhex insert isascii maketrans remove reverse translate",
    ),
    (types::LIST, "__imul__"),
    (types::TUPLE, "__getnewargs__"),
    (types::DICT_VIEW, "mapping"),
    (
        types::LOOP,
        "_asyncgens _clock_resolution _closed _current_handle _debug _default_executor _run_once _selector _thread_id sendfile \
         sock_recvfrom sock_recvfrom_into sock_sendfile sock_sendto",
    ),
    (
        types::LOCK,
        "acquire_lock locked_lock release_lock _at_fork_reinit",
    ),
    (
        types::FUTURE,
        "_callbacks _coro _exception _log_traceback _result _source_traceback",
    ),
    (types::TASK, "get_stack print_stack"),
    (types::HANDLE, "get_context"),
    (types::DICT, "__ior__ __or__ __ror__"),
    (
        types::SET,
        "__iand__ __ior__ __isub__ __ixor__ __rand__ __ror__ __rsub__ __rxor__",
    ),
    (types::FROZENSET, "__rand__ __ror__ __rsub__ __rxor__"),
    (types::RANGE, "__bool__"),
    (types::NONE, "__bool__"),
    (
        types::FUNCTION,
        "__builtins__ __closure__ __globals__ __kwdefaults__ __type_params__",
    ),
    (
        types::GENERATOR,
        "__del__ gi_code gi_frame gi_running gi_suspended gi_yieldfrom",
    ),
    (
        types::COROUTINE,
        "__del__ cr_await cr_code cr_frame cr_origin cr_running cr_suspended",
    ),
    (
        types::ASYNC_GENERATOR,
        "__del__ ag_await ag_code ag_frame ag_running ag_suspended",
    ),
    (
        types::NATIVE,
        "__get__ __module__ __self__ __text_signature__",
    ),
    (
        types::PROPERTY,
        "__delete__ __get__ __isabstractmethod__ __set__ __set_name__",
    ),
    (
        types::FRAME,
        "clear f_builtins f_globals f_lasti f_locals f_trace",
    ),
    // Places in CPython's own code.
    (types::TRACEBACK, "tb_lasti"),
    (
        types::CODE,
        "co_argcount co_cellvars co_code co_consts co_flags co_freevars co_kwonlyargcount co_lines co_names co_nlocals co_positions \
         co_posonlyargcount co_stacksize co_varnames replace",
    ),
    (
        types::TYPE,
        "__abstractmethods__ __base__ __basicsize__ __dictoffset__ __flags__ __instancecheck__ __itemsize__ \
         __prepare__ __subclasscheck__ __subclasses__ __text_signature__ __type_params__ __weakrefoffset__",
    ),
    (types::BASE_EXCEPTION, "__setstate__"),
    (types::BLOCKING_IO_ERROR, "characters_written"),
    (
        types::SUPER,
        "__get__ __self__ __self_class__ __thisclass__",
    ),
    (types::IMPORT_ERROR, "msg name_from path"),
    (types::STATICMETHOD, WRAPPER),
    (types::CLASSMETHOD, WRAPPER),
    (
        types::SYNTAX_ERROR,
        "end_lineno end_offset filename lineno msg offset print_file_and_line text",
    ),
];

/// The same of classes that are written in Python here.
const IN_LIBRARY: &[(&str, &str)] = &[
    (
        "Random",
        "VERSION betavariate binomialvariate gammavariate vonmisesvariate",
    ),
    (
        "Template",
        "braceidpattern flags get_identifiers idpattern is_valid pattern",
    ),
    ("ABC", "register"),
    ("Barrier", "_cond"),
    ("Event", "_cond"),
    ("Semaphore", "_cond"),
    (
        "Thread",
        "_is_stopped _native_id _stderr _stop _tstate_lock",
    ),
    (
        "ThreadPoolExecutor",
        "_counter _idle_semaphore _shutdown _shutdown_lock _thread_name_prefix",
    ),
    (
        "_Stream",
        "__enter__ __iter__ buffer close closed detach errors line_buffering mode newlines read readable readline readlines reconfigure \
         seek seekable tell truncate writable write_through",
    ),
    ("TypedDict", "__optional_keys__ __required_keys__"),
    ("Connection", "recv_bytes_into"),
    ("LoggerAdapter", "_log manager"),
    ("Process", "authkey"),
    (
        "WriteTransport",
        "get_write_buffer_limits get_write_buffer_size set_write_buffer_limits",
    ),
    (
        "Logger",
        "_log findCaller getChildren makeRecord manager root",
    ),
    ("Handler", "acquire createLock handleError release"),
    ("Formatter", "converter formatStack"),
    (
        "StringIO",
        "detach encoding errors fileno line_buffering newlines",
    ),
    (
        "socket",
        "dup get_inheritable recvfrom recvfrom_into recvmsg recvmsg_into sendfile sendmsg sendto set_inheritable",
    ),
];

/// Classes of the library to whose instances programs add names of their own.
const OPEN: &str = "SimpleNamespace Thread Timer _Implementation partial";

/// The types of asyncio and threading that are native here, and take no more names.
const WITH_PRIVATE: [u16; 5] = [
    types::LOCK,
    types::RLOCK,
    types::LOOP,
    types::HANDLE,
    types::TIMER_HANDLE,
];

const WRAPPER: &str = "__annotations__ __dict__ __func__ __get__ __isabstractmethod__ __module__ __name__ __qualname__ \
    __wrapped__";

impl Context<'_> {
    /// Whether an attribute that was not found on an object is there in CPython.
    #[cold]
    pub fn is_unsupported(&self, object: Value, name: Symbol) -> bool {
        if let View::Module(number) = object.view() {
            // A name that it has under another version is really missing.
            let module = &self.machine.modules[number as usize];
            return !module.user && module.globals.find(name).is_none();
        }
        let text = self.name(name);
        let class = if self.machine.is_class(object) {
            object
        } else {
            self.type_of(object)
        };
        if let Some(Object::Class(c)) = self.machine.heap.object(class)
            && let Some((_, names)) = IN_LIBRARY.iter().find(|(of, _)| {
                c.order.iter().any(|entry| {
                    self.machine.class_name(*entry) == *of && self.machine.is_of_library(*entry)
                })
            })
            && lists(names, text)
        {
            return true;
        }
        // What CPython's own code keeps for itself has other names here.
        let private = text.starts_with('_') && !text.starts_with("__");
        if private
            && (self.machine.is_of_library(class) && !lists(OPEN, self.machine.class_name(class))
                || WITH_PRIVATE.iter().any(|of| class.is(types::value(*of))))
        {
            return true;
        }
        let has = |names: &str| lists(names, text);
        has(ANYTHING)
            || MORE.iter().any(|(of, names)| {
                has(names) && self.machine.is_instance(object, types::value(*of))
                    || has(names) && object.is(types::value(*of))
            })
    }
}
