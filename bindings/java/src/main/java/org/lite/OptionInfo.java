package org.lite;

/**
 * One option.
 *
 * @param isProcess whether it is the process's and not a network's
 * @param key its name
 * @param type "bool", "int", "bytes", "string", or the choices, as in "off|on|auto"
 * @param defaultValue what it is unless set
 * @param description one sentence
 */
public record OptionInfo(boolean isProcess, String key, String type, String defaultValue, String description) {}
