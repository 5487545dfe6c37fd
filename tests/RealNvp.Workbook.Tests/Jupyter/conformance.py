"""Jupyter's conformance suite (jupyter_kernel_test) over the C# kernel, with every sample that a C# kernel can have."""
import sys
import unittest

import jupyter_kernel_test


class CSharpKernel(jupyter_kernel_test.KernelTests):
    kernel_name = sys.argv.pop(1)
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("careful");'
    completion_samples = [
        {"text": "Console.WriteL", "matches": {"WriteLine"}},
        {"text": "Math.Sqr", "matches": {"Sqrt"}},
        {"text": "#!ti", "matches": {"#!time"}},
    ]
    complete_code_samples = ["1 + 1", "var x = 1;", "int F(int n)\n{\n    return n;\n}", "#!time\n1", "// only this"]
    incomplete_code_samples = ["int F(int n)\n{", "Console.WriteLine(", 'var s = """\nabc', "/* not yet", "new[] { 1,"]
    invalid_code_samples = ["var = ;", "int 3x = 4;"]
    code_inspect_sample = "Math.Sqrt"
    code_generate_error = 'throw new Exception("boom");'
    code_execute_result = [
        {"code": "1+2", "result": "3"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "await Task.FromResult(7)", "result": "7"},
        {"code": "new[] { 1, 2, 3 }", "result": "[ 1, 2, 3 ]"},
    ]
    code_display_data = [
        {"code": 'display(HTML("<b>b</b>"));', "mime": "text/html"},
        {"code": '"x^2".DisplayAs("text/latex");', "mime": "text/latex"},
        {"code": '"**b**".DisplayAs("text/markdown");', "mime": "text/markdown"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1?2*"


if __name__ == "__main__":
    unittest.main()
