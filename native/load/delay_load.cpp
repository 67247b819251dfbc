// Windows only: Node-API's functions come from the running program, whatever its name (node.exe, an Electron
// application).
#include <windows.h>

#include <delayimp.h>

#include <cstring>

namespace {

FARPROC WINAPI node_module_handle(unsigned event, DelayLoadInfo* info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

}  // namespace

extern "C" const PfnDliHook __pfnDliNotifyHook2 = node_module_handle;
