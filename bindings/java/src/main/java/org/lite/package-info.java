/**
 * Runs ONNX and MegEngine models in the program's process, over liblite's C API.
 *
 * <p>{@link org.lite.Network} is where to begin; {@link org.lite.LiteLibrary} says where the native library is looked for.
 */
package org.lite;
