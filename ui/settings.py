"""Settings: the one file that reads the environment. Doors read them once and pass them on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from vectorstore.errors import InputError


class Settings(BaseSettings):
    """Everything that can be set from outside; each has a default that works."""

    model_config = SettingsConfigDict(env_prefix="KEPU_", env_file=".env", extra="ignore")

    home: Path = Field(default=Path.home() / ".local/share/kepu", description="数据文件夹")
    today: date | None = Field(default=None, description="代替今天的日期，供核对用")
    home_region: str | None = Field(default=None, description="没有点名时，先查哪个地区的通知")
    embedding: str | None = Field(default=None, description="sentence-transformers 模型的名字或文件夹；不填用自带的")
    department: str | None = Field(default=None, description="“我单位”指哪个部门（会话里没有说过时）")
    public_url: str | None = Field(default=None, description="别人打开网页用的地址，印在讲义的二维码里")
    wechat_token: SecretStr | None = Field(default=None, description="公众号的令牌；不填就没有/wechat")
    wechat_appid: str | None = Field(default=None, description="公众号的AppID，安全模式要用")
    wechat_aes_key: SecretStr | None = Field(default=None, description="公众号的EncodingAESKey；填了就不收明文")
    wechat_aes_key_old: SecretStr | None = Field(default=None, description="换密钥时的旧EncodingAESKey")
    api_keys: SecretStr | None = Field(default=None, description="接口的密钥，逗号隔开；不填就只答本机直接的调用")
    admin_password: SecretStr | None = Field(default=None, description="管理页的密码；不填就没有管理页")
    llm_base_url: str | None = Field(default=None, description="对话模型的地址；不填就不用模型")
    llm_model: str | None = Field(default=None, description="对话模型的名字")
    llm_api_key: SecretStr | None = Field(default=None, description="对话模型的密钥")
    llm_mode: Literal["auto", "always", "off"] = Field(
        default="auto", description="auto：台账和卡片答不了时才用模型；always：每个回答都用；off：不用"
    )
    llm_deadline: float = Field(default=8.0, gt=0, le=120, description="等模型几秒，过了就给程序自己写的回答")

    @field_validator(
        "today",
        "home_region",
        "embedding",
        "department",
        "public_url",
        "wechat_token",
        "wechat_appid",
        "wechat_aes_key",
        "wechat_aes_key_old",
        "api_keys",
        "admin_password",
        "llm_base_url",
        "llm_model",
        "llm_api_key",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("llm_mode", "llm_deadline", mode="before")
    @classmethod
    def _empty_is_default(cls, value: object, info: ValidationInfo) -> object:
        return cls.model_fields[str(info.field_name)].default if value == "" else value

    def keys(self) -> tuple[str, ...]:
        """The keys of the API."""
        listed = self.api_keys.get_secret_value() if self.api_keys else ""
        return tuple(key for part in listed.split(",") if (key := part.strip()))

    def clock(self) -> date:
        """Today, or the date set in its place."""
        return self.today or date.today()


def read_settings() -> Settings:
    """The settings in force. Raises InputError `bad_setting` naming what is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "KEPU_" + "_".join(str(p) for p in first["loc"]).upper()
        raise InputError("bad_setting", reason=f"{name}={first['input']!r}") from error
