/*
 * A TCG plugin of QEMU: counts the guest's instructions by class and writes the counts as one line of JSON when the program ends.
 *
 *   qemu-mipsel -plugin instructions.so,out=counts.json program
 *
 * Counts repeat exactly where the program does, so the cost of a loop is the difference between two runs of different lengths.
 * Debian's qemu-user has no header for plugins: what is used of API version 1 (qemu-plugin.h of QEMU 7.2) is declared here.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
typedef struct {
    const char *target_name;
} qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, enum qemu_plugin_op, void *, uint64_t);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);

/* Classes whose instructions need about the same time on an in-order core. */
enum class { PLAIN, MEMORY, MULTIPLY, LONG_MULTIPLY, VECTOR, BRANCH, CLASSES };
static const char *const names[CLASSES] = {"plain", "memory", "multiply", "longMultiply", "vector", "branch"};

static uint64_t counts[CLASSES];
static const char *file;
static enum class (*class_of)(uint32_t);

/* MIPS32r2, by the opcode in bits 31:26. A multiplication that leaves its product in HI/LO counts as long. */
static enum class mips(uint32_t code)
{
    uint32_t opcode = code >> 26, function = code & 63;
    if (opcode >= 32 && opcode < 60)
        return MEMORY;
    if (opcode == 0) {
        if (function == 8 || function == 9)
            return BRANCH; /* jr, jalr */
        return function >= 24 && function <= 27 ? LONG_MULTIPLY : PLAIN; /* mult(u), div(u) */
    }
    if (opcode == 28) {
        if (function == 2)
            return MULTIPLY; /* mul */
        return function <= 5 ? LONG_MULTIPLY : PLAIN; /* madd(u), msub(u) */
    }
    return opcode <= 7 || (opcode >= 20 && opcode <= 23) ? BRANCH : PLAIN;
}

/* AArch64, by the op0 field in bits 28:25 (Arm ARM, C4.1). */
static enum class aarch64(uint32_t code)
{
    uint32_t group = code >> 25 & 15;
    if (group == 10 || group == 11)
        return BRANCH;
    if ((group & 5) == 4)
        return MEMORY;
    if (group == 7 || group == 15)
        return VECTOR;
    if ((code & 0x1f000000) == 0x1b000000) /* three sources: madd, smaddl, umulh ... */
        return (code >> 21 & 7) == 0 ? MULTIPLY : LONG_MULTIPLY;
    return PLAIN;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    uint64_t added[CLASSES] = {0};
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        uint32_t code;
        memcpy(&code, qemu_plugin_insn_data(qemu_plugin_tb_get_insn(block, i)), sizeof code);
        added[class_of(code)]++;
    }
    for (int c = 0; c < CLASSES; c++)
        if (added[c] != 0)
            qemu_plugin_register_vcpu_tb_exec_inline(block, QEMU_PLUGIN_INLINE_ADD_U64, &counts[c], added[c]);
}

static void ended(qemu_plugin_id_t id, void *unused)
{
    FILE *to = fopen(file, "w");
    if (to == NULL)
        return;
    for (int c = 0; c < CLASSES; c++)
        fprintf(to, "%s\"%s\":%llu", c == 0 ? "{" : ",", names[c], (unsigned long long)counts[c]);
    fputs("}\n", to);
    fclose(to);
}

int qemu_plugin_version = 1;

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    if (argc != 1 || strncmp(argv[0], "out=", 4) != 0)
        return -1;
    file = strdup(argv[0] + 4);
    class_of = strcmp(info->target_name, "aarch64") == 0 ? aarch64 : mips;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
