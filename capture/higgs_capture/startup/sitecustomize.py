"""Put on PYTHONPATH by higgs-capture: Python imports it at its start. Written for any Python, also one too old."""


def _start():
    import os
    import sys

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    try:
        if sys.version_info < (3, 9):
            sys.stderr.write("higgs-capture: Python older than 3.9 is not observed\n")
        else:
            _observe(os.path.dirname(here))
    except Exception:
        sys.stderr.write("higgs-capture: this process is not observed: %s\n" % sys.exc_info()[1])
    _next(sys)


def _observe(package):
    """Loads the package from where this file lies, without a change to the import path, and starts it."""
    import os
    import sys
    from importlib.util import module_from_spec, spec_from_file_location

    if "higgs_capture" not in sys.modules:
        file = os.path.join(package, "__init__.py")
        spec = spec_from_file_location("higgs_capture", file, submodule_search_locations=[package])
        sys.modules["higgs_capture"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["higgs_capture"])
    from higgs_capture import observer

    observer.start()


def _next(sys):
    """Runs the sitecustomize that this one stands in front of, if there is one."""
    own = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError:
        sys.modules["sitecustomize"] = own
        if getattr(sys.exc_info()[1], "name", "sitecustomize") != "sitecustomize":
            raise


_start()
