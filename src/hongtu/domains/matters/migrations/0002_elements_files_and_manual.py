import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from hongtu.kernel.base import trigger_operations


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="material",
            name="details",
            field=models.JSONField(blank=True, default=dict, verbose_name="其他要素"),
        ),
        migrations.AlterField(
            model_name="guide",
            name="day_unit",
            field=models.CharField(
                choices=[
                    ("working", "个工作日"),
                    ("calendar", "个自然日"),
                    ("hour", "小时"),
                    ("month", "个月"),
                    ("year", "年"),
                ],
                default="working",
                max_length=10,
                verbose_name="时限单位",
            ),
        ),
        migrations.AlterField(
            model_name="guideevent",
            name="day_unit",
            field=models.CharField(
                choices=[
                    ("working", "个工作日"),
                    ("calendar", "个自然日"),
                    ("hour", "小时"),
                    ("month", "个月"),
                    ("year", "年"),
                ],
                default="working",
                max_length=10,
                verbose_name="时限单位",
            ),
        ),
        migrations.CreateModel(
            name="GuideStanding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("filled", models.PositiveSmallIntegerField(verbose_name="已填要素")),
                (
                    "lacking",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        default=list,
                        size=None,
                        verbose_name="缺少的必填要素",
                    ),
                ),
                (
                    "guide",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing",
                        to="matters.guide",
                    ),
                ),
            ],
            options={
                "verbose_name": "指南完整度",
                "verbose_name_plural": "指南完整度",
            },
        ),
        migrations.CreateModel(
            name="ManualTick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("project", models.PositiveBigIntegerField()),
                ("node", models.CharField(max_length=20)),
                ("item", models.CharField(blank=True, max_length=200)),
                ("done_on", models.DateField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ManualTickEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                ("project", models.PositiveBigIntegerField()),
                ("node", models.CharField(max_length=20)),
                ("item", models.CharField(blank=True, max_length=200)),
                ("done_on", models.DateField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="matters.manualtick",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GuideFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("element", models.CharField(max_length=30, verbose_name="要素")),
                ("material", models.CharField(blank=True, max_length=200, verbose_name="材料")),
                ("file", models.FileField(max_length=200, upload_to="guides/%Y/%m", verbose_name="文件")),
                ("name", models.CharField(max_length=120, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="matters.guide"
                    ),
                ),
            ],
            options={
                "verbose_name": "指南附件",
                "verbose_name_plural": "指南附件",
                "ordering": ("guide", "element", "material"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("guide", "element", "material"), name="matters_one_file_an_element"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="manualtick",
            constraint=models.UniqueConstraint(
                fields=("project", "node", "item"), name="matters_manual_tick_unique"
            ),
        ),
        trigger_operations.AddTrigger(
            model_name="manualtick",
            trigger=pgtrigger.compiler.Trigger(
                name="version_must_rise",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.version IS DISTINCT FROM OLD.version + 1 THEN\n                RAISE EXCEPTION 'version of % % must rise from % to %, got %',\n                    TG_TABLE_NAME, OLD.id, OLD.version, OLD.version + 1, NEW.version\n                    USING ERRCODE = 'serialization_failure';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="60b8e5fdff9d2421706ff1b86b6a541030106c5d",
                    operation="UPDATE",
                    pgid="pgtrigger_version_must_rise_399f5",
                    table="matters_manualtick",
                    when="BEFORE",
                ),
            ),
        ),
        trigger_operations.AddTrigger(
            model_name="manualtick",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "matters_manualtickevent" ("by_id", "changed_at", "created_at", "done_on", "id", "item", "node", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project", "version") VALUES (NEW."by_id", NEW."changed_at", NEW."created_at", NEW."done_on", NEW."id", NEW."item", NEW."node", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."project", NEW."version"); RETURN NULL;',
                    hash="8f4f4983bd524f8c7f886a396c946762e098861a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_16418",
                    table="matters_manualtick",
                    when="AFTER",
                ),
            ),
        ),
        trigger_operations.AddTrigger(
            model_name="manualtick",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "matters_manualtickevent" ("by_id", "changed_at", "created_at", "done_on", "id", "item", "node", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project", "version") VALUES (NEW."by_id", NEW."changed_at", NEW."created_at", NEW."done_on", NEW."id", NEW."item", NEW."node", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."project", NEW."version"); RETURN NULL;',
                    hash="9c466af1786d81d1256332c5d42fc2f0ac625574",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2ce79",
                    table="matters_manualtick",
                    when="AFTER",
                ),
            ),
        ),
        trigger_operations.AddTrigger(
            model_name="manualtick",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "matters_manualtickevent" ("by_id", "changed_at", "created_at", "done_on", "id", "item", "node", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project", "version") VALUES (OLD."by_id", OLD."changed_at", OLD."created_at", OLD."done_on", OLD."id", OLD."item", OLD."node", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."project", OLD."version"); RETURN NULL;',
                    hash="2c6ea81ebcae3bf29aa43288cee5bd910b82566d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_bca3f",
                    table="matters_manualtick",
                    when="AFTER",
                ),
            ),
        ),
        trigger_operations.AddTrigger(
            model_name="manualtickevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="63a32bcb82aef00c493abe246d8f85dacf96888f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_773db",
                    table="matters_manualtickevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
